import { join } from 'node:path';
import { Controller, Get, Inject, NotFoundException, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { DEMO_CONFIG } from '../config/config.module.js';
import { type DemoConfig, showsMails } from '../config/demo-config.js';

const FOLDER = join(import.meta.dirname, 'public');

/** What the pages load; nothing else in the folder is served, and nothing from elsewhere. */
const ASSETS: readonly string[] = [
  'style.css',
  'app.js',
  'sign-in.js',
  'link.js',
  'reset.js',
  'inbox.js',
  'admin.js',
];

/** Pages for people. Opening one does nothing; their buttons call the JSON API (R44). */
@Controller()
export class PagesController {
  constructor(@Inject(DEMO_CONFIG) private readonly config: DemoConfig) {}

  @Get()
  signIn(@Res() response: Response): void {
    send(response, 'sign-in.html');
  }

  @Get('magic-link')
  magicLink(@Res() response: Response): void {
    send(response, 'magic-link.html');
  }

  @Get('reset')
  reset(@Res() response: Response): void {
    send(response, 'reset.html');
  }

  @Get('inbox')
  inbox(@Res() response: Response): void {
    if (!showsMails(this.config)) throw new NotFoundException();
    send(response, 'inbox.html');
  }

  @Get('admin')
  admin(@Res() response: Response): void {
    send(response, 'admin.html');
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Res() response: Response): void {
    if (!ASSETS.includes(name)) throw new NotFoundException();
    send(response, name);
  }
}

function send(response: Response, file: string): void {
  // The address bar may hold a token.
  response.setHeader('Cache-Control', 'no-store');
  response.sendFile(file, { root: FOLDER });
}
