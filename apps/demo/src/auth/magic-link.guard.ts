import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import type { Request } from 'express';
import { Challenges } from '../challenges/challenges.js';
import type { AccountName } from '../users/realm.js';
import type { TokenBody } from './bodies.js';

declare global {
  namespace Express {
    interface Request {
      /** Whose magic link was sent; set by {@link MagicLinkGuard}. */
      linkOwner?: AccountName;
    }
  }
}

/**
 * Finds out whose link it is, before the attempt is charged to that account. A token that opens nothing is nobody's, so
 * it counts against nobody: 256 random bits are not found by guessing.
 */
@Injectable()
export class MagicLinkGuard implements CanActivate {
  constructor(private readonly challenges: Challenges) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const { token } = request.body as TokenBody;
    const owner = await this.challenges.ownerOf('magic-link', token);
    if (owner === null) throw new UnauthorizedException('This link has expired or was already used.');
    request.linkOwner = owner;
    return true;
  }
}
