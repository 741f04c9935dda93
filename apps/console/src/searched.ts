const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
/** Something of hexadecimal groups with at least two colons, perhaps with an IPv4 address at its end. */
const IPV6 = /^[0-9a-f]{0,4}(:[0-9a-f]{0,4}){2,7}(:?\d{1,3}(\.\d{1,3}){3})?(\/\d{1,3})?$/i;

/** Whether what was typed is meant as an address rather than a name. Names are not of this shape. */
export const looksLikeAddress = (text: string): boolean => IPV4.test(text) || IPV6.test(text);
