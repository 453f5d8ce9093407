// Presses the button of a link, and ends with status 1 unless that leads to an address. Arguments: node_modules, the link, the
// address.
import { createRequire } from 'node:module';
import path from 'node:path';

const [place, link, address] = process.argv.slice(2);
const { chromium } = createRequire(path.join(place, 'x.js'))('playwright-core');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage();
await page.goto(link);
await page.click('button');
await page.waitForURL(address);
await browser.close();
