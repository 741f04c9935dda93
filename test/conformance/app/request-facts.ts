import type { Request } from 'express';

const header = (request: Pick<Request, 'headers'>, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Which of the application's populations signs in: its own login page would say so. */
export const realmOf = (request: unknown): string => header(request as Request, 'x-realm') ?? 'default';

/** Through whose pages. */
export const brandOf = (request: unknown): string | undefined => header(request as Request, 'x-brand');

/** The device, where the application knows it by its cookie. */
export const deviceOf = (request: unknown): string | undefined => header(request as Request, 'x-device');
