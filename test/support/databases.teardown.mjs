export default async function teardown() {
  await Promise.all((globalThis.lockoutServers ?? []).map((server) => server.stop()));
}
