/** The text of docs/openapi.json. */
export declare function openApiPage(): string;
