import {
  applyDecorators,
  Controller,
  Get,
  Inject,
  Logger,
  Post,
  Req,
  Res,
  type Type,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Redeemed } from '../../engine/index.js';
import { LockoutEngine } from '../../engine/lockout-engine.js';
import { LockoutUnavailableError } from '../../engine/lockout-error.js';
import { type LockoutProblem, unavailableAnswer } from '../../engine/problem.js';
import { type ResolvedUnlockLinkOptions, UNLOCK_LINK_OPTIONS } from './unlock-link-options.js';
import { PAGE_HEADERS, renderPage, type UnlockLinkPage } from './unlock-link-page.js';
import { UNLOCK_LINK_PROBLEMS } from './unlock-link-problem.js';
import {
  isReadable,
  tokenOfBody,
  tokenOfQuery,
  type UnlockLinkRequest,
  wantsPage,
} from './unlock-link-request.js';
import type { UnlockLinkTexts } from './unlock-link-texts.js';

/** One answer, for whoever reads it. */
interface Answer {
  readonly status: number;
  readonly page: Omit<UnlockLinkPage, 'texts'>;
  /** For clients of the API. A problem, unless the status is 200. */
  readonly json: Readonly<Record<string, unknown>>;
}

/**
 * The page of an unlock link, at `path`. GET shows it and changes nothing, so that a mail scanner uses nothing up; POST
 * opens. It takes no cookie and no sign-in, so another site could make a browser send nothing but a token that it has, and
 * who has the token may open (no CSRF). A class of its own for each mount.
 */
export function unlockLinkController(path: string, decorators: readonly ClassDecorator[]): Type<unknown> {
  @applyDecorators(...decorators, Controller({ path, version: VERSION_NEUTRAL }))
  class LockoutUnlockLinkController {
    private readonly logger = new Logger('Lockout');

    constructor(
      @Inject(LockoutEngine) private readonly engine: LockoutEngine,
      @Inject(UNLOCK_LINK_OPTIONS) private readonly options: ResolvedUnlockLinkOptions,
      @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    ) {}

    @Get()
    async show(@Req() request: UnlockLinkRequest, @Res() response: unknown): Promise<void> {
      const texts = this.options.textsFor(request);
      const token = tokenOfQuery(request);
      await this.answer(request, response, texts, async () => {
        const found = token === null ? null : await this.engine.unlockLinks.look(token);
        if (token === null || !found) return gone(texts);
        const { until, expiresAt } = found;
        return {
          status: 200,
          page: { title: texts.askTitle, body: texts.askBody, token },
          json: { until: isoOf(until), expiresAt: isoOf(expiresAt) },
        };
      });
    }

    @Post()
    async open(@Req() request: UnlockLinkRequest, @Res() response: unknown): Promise<void> {
      if (!isReadable(request)) return this.write(response, UNLOCK_LINK_PROBLEMS.unreadable);
      const token = tokenOfBody(request);
      if (token === null) return this.write(response, UNLOCK_LINK_PROBLEMS.tokenMissing);
      const texts = this.options.textsFor(request);
      await this.answer(request, response, texts, async () => {
        const redeemed = await this.engine.unlockLinks.redeem(token);
        if (redeemed.unlocked) await this.tell(redeemed, request);
        return this.answerTo(redeemed, texts);
      });
    }

    private answerTo(redeemed: Redeemed, texts: UnlockLinkTexts): Answer {
      if (redeemed.unlocked) {
        const { signInUrl } = this.options;
        return {
          status: 200,
          page: { title: texts.doneTitle, body: texts.doneBody, signInUrl },
          json: { unlocked: true },
        };
      }
      if (redeemed.reason !== 'cap') return gone(texts);
      const json = UNLOCK_LINK_PROBLEMS.capped;
      return { status: json.status, page: { title: texts.cappedTitle, body: texts.cappedBody }, json };
    }

    private async answer(
      request: UnlockLinkRequest,
      response: unknown,
      texts: UnlockLinkTexts,
      find: () => Promise<Answer>,
    ): Promise<void> {
      const { status, page, json } = await find().catch((error: unknown) =>
        this.away(error, response, texts),
      );
      if (wantsPage(request))
        this.send(response, 'text/html; charset=utf-8', renderPage({ texts, ...page }), status);
      else if (status === 200)
        this.send(response, 'application/json; charset=utf-8', JSON.stringify(json), status);
      else this.write(response, json as LockoutProblem);
    }

    /** The store did not answer: whether it lifted the lock all the same nobody knows yet (P9). */
    private away(error: unknown, response: unknown, texts: UnlockLinkTexts): Answer {
      if (!(error instanceof LockoutUnavailableError)) throw error;
      const { problem, retryAfter } = unavailableAnswer(error.retryInMs);
      this.host.httpAdapter.setHeader(response, 'Retry-After', String(retryAfter));
      const json = {
        ...problem,
        detail: 'It is not certain that the account was unlocked: try again in a moment.',
      };
      return { status: problem.status, page: { title: texts.awayTitle, body: texts.awayBody }, json };
    }

    private async tell({ lock }: Extract<Redeemed, { unlocked: true }>, request: unknown): Promise<void> {
      try {
        await this.options.onUnlocked(lock, request);
      } catch (error) {
        this.logger.error('onUnlocked of LockoutUnlockLinkModule failed; the account is unlocked.', error);
      }
    }

    private write(response: unknown, problem: LockoutProblem): void {
      this.send(response, 'application/problem+json', JSON.stringify(problem), problem.status);
    }

    private send(response: unknown, type: string, body: string, status: number): void {
      const { httpAdapter } = this.host;
      for (const [name, value] of Object.entries(PAGE_HEADERS)) httpAdapter.setHeader(response, name, value);
      httpAdapter.setHeader(response, 'Content-Type', type);
      httpAdapter.reply(response, body, status);
    }
  }
  return LockoutUnlockLinkController;
}

/** The same for a link that never was, was altered, used, expired, and for one whose lock is over: no oracle. */
function gone(texts: UnlockLinkTexts): Answer {
  const json = UNLOCK_LINK_PROBLEMS.gone;
  return { status: json.status, page: { title: texts.goneTitle, body: texts.goneBody }, json };
}

const isoOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
