// Reads a list through Make's SDK, again and again, and prints the median time and the CPU time of a call in microseconds.
import { Make } from '@makehq/sdk';

const [baseUrl, children, warmUp, calls] = process.argv.slice(2);
const make = new Make('00000000-0000-4000-8000-000000000011', new URL(baseUrl).host);
// The SDK speaks HTTPS by default; the server of a measurement does not.
make.protocol = 'http';
const read = () => make.fetch(`/organizations/${children}/managed-organizations`);

for (let call = 0; call < Number(warmUp); call += 1) await read();
const times = [];
const before = process.cpuUsage();
for (let call = 0; call < Number(calls); call += 1) {
    const start = process.hrtime.bigint();
    const list = await read();
    times.push(Number(process.hrtime.bigint() - start) / 1e3);
    if (list.managedOrganizations.length !== Number(children)) throw new Error('another list');
}
const { user, system } = process.cpuUsage(before);
times.sort((left, right) => left - right);
console.log(times[times.length >> 1], (user + system) / Number(calls));
