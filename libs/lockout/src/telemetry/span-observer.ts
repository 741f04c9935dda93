import { type Attributes, context, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { EngineObserver, ObservedDecision, ObservedSettle } from '../engine/engine-observer.js';
import type { Refusal } from '../engine/refusal.js';
import type { DispatchReport } from '../notify/dispatch-report.js';

/** What the name of an error may look like to be told: a class, no text. */
const ERROR_NAME = /^[A-Za-z]\w{0,63}$/;
/** As the semantic conventions name what has no name. */
const OTHER = '_OTHER';

/** A span for each decision, settle and delivery, made when it has ended: a child of what is active then. */
export class SpanObserver implements EngineObserver {
  /** @param now epoch ms */
  constructor(
    private readonly tracer: Tracer,
    private readonly now: () => number,
  ) {}

  decided({ step, method, outcome, refusal, fault, durationMs }: ObservedDecision): void {
    if (step === 'look-up') return;
    const attributes = {
      ...(method === null ? {} : { 'lockout.method': method }),
      'lockout.outcome': outcome,
      ...ofRefusal(refusal),
    };
    this.ended(
      `lockout.${step}`,
      durationMs,
      attributes,
      outcome === 'unavailable' ? (fault ?? OTHER) : null,
    );
  }

  settled({ method, outcome, isFinal, refusal, locked, durationMs }: ObservedSettle): void {
    const attributes = {
      'lockout.method': method,
      'lockout.outcome': refusal ? 'refused' : outcome,
      ...(outcome === 'success' ? { 'lockout.final': isFinal } : {}),
      ...(locked.length > 0 ? { 'lockout.locked_by': locked.map(({ policy }) => policy) } : {}),
      ...ofRefusal(refusal),
    };
    this.ended('lockout.settle', durationMs, attributes, null);
  }

  dispatched(report: DispatchReport): void {
    if (report.type === 'store-fails' || report.type === 'store-works') return;
    const { sink, event, tookMs, type } = report;
    const attributes = { 'lockout.sink': sink, 'lockout.event': event, 'lockout.outcome': type };
    this.ended('lockout.deliver', tookMs, attributes, type === 'delivered' ? null : nameOf(report.error));
  }

  private ended(name: string, durationMs: number, attributes: Attributes, errorType: string | null): void {
    const endTime = this.now();
    const span = this.tracer.startSpan(
      name,
      { startTime: endTime - durationMs, attributes },
      context.active(),
    );
    if (errorType !== null) {
      span.setAttribute('error.type', errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endTime);
  }
}

const ofRefusal = (refusal: Refusal | null): Attributes =>
  refusal === null ? {} : { 'lockout.policy': refusal.policy, 'lockout.reason': refusal.reason };

/** Of what was thrown the class alone: its text may name a person. */
function nameOf(error: unknown): string {
  return error instanceof Error && ERROR_NAME.test(error.name) ? error.name : OTHER;
}
