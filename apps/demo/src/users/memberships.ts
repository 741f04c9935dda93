import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Membership } from './membership.entity.js';
import type { AccountName } from './realm.js';

/** Who belongs to which organisation. */
@Injectable()
export class Memberships {
  constructor(@InjectRepository(Membership) private readonly memberships: Repository<Membership>) {}

  of({ realm, username }: AccountName): Promise<readonly Membership[]> {
    return this.memberships.findBy({ realm, username });
  }
}
