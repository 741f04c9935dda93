import { Controller, Get, Inject } from '@nestjs/common';
import { LockoutChecks } from 'nestjs-lockout';

/** What the library's own checks have to say. */
@Controller('health')
export class HealthController {
  constructor(@Inject(LockoutChecks) private readonly checks: LockoutChecks) {}

  /** As of now: what other processes say is asked again. */
  @Get()
  async show(): Promise<unknown> {
    await this.checks.look();
    return { checks: this.checks.results };
  }
}
