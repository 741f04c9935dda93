import { randomBytes } from 'node:crypto';
import {
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import type { Request } from 'express';
import { People, type Person } from './people.js';

/** Who is signed in, by bearer token. */
@Injectable()
export class Sessions {
  private readonly tokens = new Map<string, string>();

  start(person: Person): string {
    const token = randomBytes(16).toString('hex');
    this.tokens.set(token, person.id);
    return token;
  }

  personOf({ headers }: Pick<Request, 'headers'>): string | undefined {
    return this.tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
  }
}

/** The request of somebody who is signed in. */
export type SignedInRequest = Request & { person: Person };

/** 401 for whoever is not signed in; puts the person on the request. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    @Inject(Sessions) private readonly sessions: Sessions,
    @Inject(People) private readonly people: People,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SignedInRequest>();
    const person = this.people.get(this.sessions.personOf(request) ?? '');
    if (!person) throw new UnauthorizedException('Please sign in.');
    request.person = person;
    return true;
  }
}
