import { Get, Req, type Type } from '@nestjs/common';
import { AdminController } from '../admin-controller.js';
import type { AdminRequest } from '../admin-request.js';
import { type OpenApiDocument, openApiDocument } from './openapi-document.js';

/** The API's own description, below `path`. A class of its own for each mount. */
export function openapiController(path: string): Type<unknown> {
  /** Made when it is first asked for. */
  let made: OpenApiDocument | null = null;

  @AdminController(path)
  class LockoutOpenApiController {
    @Get('openapi.json')
    read(@Req() request: AdminRequest): OpenApiDocument {
      made ??= openApiDocument();
      return { ...made, servers: [{ url: serverOf(request) }] };
    }
  }
  return LockoutOpenApiController;
}

/** The folder that the document lies in, relative to the document: right behind a proxy that adds a path, too. */
function serverOf({ url }: AdminRequest): string {
  const [path = ''] = url.split(/[?#]/, 1);
  const folder = path.split('/').at(-2);
  return folder ? `../${folder}` : '/';
}
