import { Module } from '@nestjs/common';
import { PagesController } from './pages.controller.js';
import { PUBLIC_URL, PublicUrl } from './public-url.js';

@Module({
  controllers: [PagesController],
  providers: [{ provide: PUBLIC_URL, useFactory: () => new PublicUrl('http://127.0.0.1') }],
  exports: [PUBLIC_URL],
})
export class PagesModule {}
