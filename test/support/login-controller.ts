import { Body, Controller, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { Lockout } from 'nestjs-lockout';
import { PEOPLE } from './login-app.js';

/** Signs {@link PEOPLE} in by name and password; at the password `crash` it breaks. */
@Controller()
export class LoginController {
  @Post('login')
  @HttpCode(200)
  @Lockout({
    method: 'password',
    identifier: (request: { body: Readonly<Record<string, unknown>> }) => request.body['username'],
  })
  login(@Body() body: { readonly username: string; readonly password: string }): string {
    if (body.password === 'crash') throw new Error('The hasher is broken.');
    if (PEOPLE[body.username]?.password !== body.password) throw new UnauthorizedException();
    return 'signed in';
  }
}
