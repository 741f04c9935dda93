import { SCHEMA } from '../schema.js';
import { change, look, type Operation } from './operation.js';

const changed = {
  200: {
    schema: 'DeliveriesChanged',
    says: 'How many were; what is no dead letter any more is passed over.',
  },
} as const;

/** The calls about deliveries. */
export const DELIVERY_OPERATIONS: readonly Operation[] = [
  look({
    path: '/deliveries',
    id: 'listDeliveries',
    tag: 'deliveries',
    summary: 'What waits to be delivered, or what was given up; oldest first.',
    query: SCHEMA.deliveryQuery,
    answers: {
      200: {
        schema: 'DeliveryPage',
        says: 'A page of deliveries, without events of realms that may not be viewed; and how each sink stands.',
      },
    },
    problems: [400, 501],
  }),
  change({
    method: 'post',
    path: '/deliveries/retry',
    id: 'retryDeliveries',
    tag: 'deliveries',
    summary: 'Delivers dead letters once more.',
    body: 'RetryDeliveries',
    answers: changed,
  }),
  change({
    method: 'post',
    path: '/deliveries/drop',
    id: 'dropDeliveries',
    tag: 'deliveries',
    summary: 'Gives dead letters up for good; their events stay in the record.',
    body: 'DropDeliveries',
    answers: changed,
  }),
];
