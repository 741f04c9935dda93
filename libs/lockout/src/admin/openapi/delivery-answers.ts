import { z } from 'zod';
import type { DeliveriesAnswer } from '../delivery-desk.js';
import type { DeliveryPage, DeliveryView, SinkView } from '../delivery-view.js';
import { eventView } from './event-answers.js';
import { mirrorOf } from './mirror.js';
import { count, moment, nextCursor } from './plain-values.js';

export const deliveryView = mirrorOf<DeliveryView>()(
  z.object({
    id: z.string(),
    sink: z.string(),
    state: z.enum(['waiting', 'dead']),
    tries: count,
    dueAt: moment.nullable(),
    problem: z.string().nullable(),
    event: eventView,
  }),
);

export const sinkView = mirrorOf<SinkView>()(
  z.object({ sink: z.string(), waiting: count, dead: count, oldestAt: moment.nullable() }),
);

export const deliveryPage = mirrorOf<DeliveryPage>()(
  z.object({ items: z.array(deliveryView), nextCursor, sinks: z.array(sinkView), now: moment }),
);

export const deliveriesAnswer = mirrorOf<DeliveriesAnswer>()(z.object({ changed: z.boolean(), count }));
