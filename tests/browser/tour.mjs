// Goes through the pages of a running service as people do. Arguments: node_modules, the printed address, a token, a folder
// for what is downloaded, one for pictures, and lists. Ends with status 1 and the reasons where something is not as it should be.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const [place, start, token, folder, pictures, ...lists] = process.argv.slice(2);
const require = createRequire(path.join(place, 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const { origin, searchParams } = new URL(start);
const faults = [];
const holds = (is, what) => is || faults.push(what);

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });

async function open(name, options) {
  const context = await browser.newContext({ acceptDownloads: true, ...options });
  const page = await context.newPage();
  page.on('pageerror', error => faults.push(`${name}: ${error}`));
  page.on('console', line => faults.push(`${name}: console: ${line.text()}`));
  page.on('request', request => holds(request.url().startsWith(origin), `${name}: asks ${request.url()}`));
  return page;
}

async function look(page, name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  holds(!wide, `${name}: wider than the window`);
  await page.screenshot({ path: path.join(pictures, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
  await page.evaluate(`${axe};0`);
  const { violations } = await page.evaluate(() => axe.run());
  for (const found of violations.filter(found => ['serious', 'critical'].includes(found.impact))) {
    faults.push(`${name}: ${found.id}: ${found.nodes.map(node => node.html.slice(0, 120)).join(' | ')}`);
  }
}

async function signIn(page, name) {
  await page.goto(`${origin}/`);
  await look(page, `${name} sign-in`);
  // by keyboard alone: the field has the focus
  await page.keyboard.type(searchParams.get('key'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('a.choice');
}

async function support(page, name) {
  await page.goto(`${origin}/support`);
  await page.keyboard.type(`Is <https://shop.example/p/${token}> good?`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.tone');
  holds(await page.textContent('.tone') === 'VALID', `${name}: a good link`);
  await look(page, `${name} good`);
  const wrong = token[20] === 'x' ? 'y' : 'x';
  await page.fill('#text', token.slice(0, 20) + wrong + token.slice(21));
  await page.click('text="Check"');
  await page.waitForSelector('.tone.doubtful');
  holds((await page.textContent('.answer')).includes(token), `${name}: the undamaged token`);
  await look(page, `${name} damaged`);
}

async function isUnderstood(page, name) {
  const heading = page.frameLocator('iframe').locator('h2').first();
  await heading.waitFor();
  const words = await heading.textContent();
  holds(/^(\d+) of \1 rows get a link$/.test(words), `${name}: ${words}`);
}

async function save(page, list, press) {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  await download.saveAs(path.join(folder, `${path.basename(list)}.links.csv`));
}

async function makeLinks(page, name, list) {
  await page.goto(`${origin}/lists`);
  await page.frameLocator('iframe').locator('p').waitFor();
  await look(page, `${name} lists`);
  await page.fill('#base_url', 'https://shop.example/p');
  await page.setInputFiles('#list', list);
  await page.check('#end-at');
  await page.fill('[name=date]', '2099-12-31');
  await page.click('text="More choices"');
  await page.selectOption('#timezone', 'Europe/Berlin');
  await page.click('text="Look at it first"');
  await isUnderstood(page, name);
  await look(page, `${name} ${path.extname(list).slice(1)}`);
  await save(page, list, () => page.click('text="Download the links"'));
}

// no mouse and no finger
async function makeLinksByKeyboard(page, list) {
  const press = key => page.keyboard.press(key);
  const tabTo = async selector => {
    for (let times = 0; times < 40; times += 1) {
      await press('Tab');
      if (await page.evaluate(selector => document.activeElement.matches(selector), selector)) return;
    }
    faults.push(`keyboard: no way to ${selector}`);
  };
  await page.goto(`${origin}/`);
  await tabTo('nav a[href="/lists"]');
  await press('Enter');
  await page.waitForSelector('#base_url');
  await tabTo('.skip');
  await press('Enter');
  await tabTo('#base_url');
  await page.keyboard.type('https://shop.example/p');
  await tabTo('[name=end]');
  await press('ArrowDown');
  await tabTo('[name=date]');
  await page.keyboard.type('12312099');
  await tabTo('#list');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('Space')]);
  await chooser.setFiles(list);
  await tabTo('button:not(.second, .plain)');
  await press('Enter');
  await isUnderstood(page, 'keyboard');
  await tabTo('[formaction="/lists/links"]');
  await save(page, list, () => press('Enter'));
}

const desk = await open('desk', { viewport: { width: 1100, height: 800 } });
await signIn(desk, 'desk');
await support(desk, 'desk');
for (const list of lists) await makeLinks(desk, 'desk', list);
await makeLinksByKeyboard(desk, lists[0]);
await desk.goto(`${origin}/stats`);
await look(desk, 'desk statistics');

const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' };
const pocket = await open('phone', phone);
await signIn(pocket, 'phone');
await support(pocket, 'phone');
await makeLinks(pocket, 'phone', lists[0]);
await pocket.goto(`${origin}/stats`);
await look(pocket, 'phone statistics');

// the printed address signs in and is left; whoever signs out sees nothing more
const guest = await open('guest', {});
await guest.goto(start);
holds(guest.url() === `${origin}/`, `the key stays in the address: ${guest.url()}`);
await guest.click('text="Sign out"');
await guest.goto(`${origin}/support`);
holds(guest.url() === `${origin}/`, 'signed out, and still let in');

// whoever's session is over is told so in the frame, and led to where one signs in
const late = await (await browser.newContext()).newPage();
await late.goto(start);
await late.goto(`${origin}/lists`);
await late.context().clearCookies();
await late.fill('#base_url', 'https://shop.example/p');
await late.setInputFiles('#list', lists[0]);
await late.click('text="Look at it first"');
await late.frameLocator('iframe').locator('text="sign in again"').click();
await late.waitForURL(`${origin}/`);

await browser.close();
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
