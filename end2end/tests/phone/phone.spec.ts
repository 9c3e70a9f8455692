// One column, two thumbs.
import { expect, NOT_FOUND, PAGES, test, type Visitor } from '../../site.ts';
import { LANGUAGES, PARAGRAPHS } from '../../source.ts';

const bar = (visitor: Visitor) => visitor.page.locator('.thumb-bar');

test('contents, passage, languages and display are where the thumb is', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  const buttons = bar(visitor).locator('> *:visible');
  await expect(buttons).toHaveText(['Sommaire', 'Ce passage', 'Côte à côte', 'Affichage']);
  for (const button of await buttons.all()) {
    const box = (await button.boundingBox())!;
    expect(box.width).toBeGreaterThanOrEqual(44);
    expect(box.height).toBeGreaterThanOrEqual(44);
    expect(box.y).toBeGreaterThan(844 * 0.75);
    expect(box.y + box.height).toBeLessThanOrEqual(844);
  }
});

test('the contents come up as a sheet and lead into the text', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await expect(visitor.contents).toBeHidden();
  await bar(visitor).getByRole('button', { name: 'Sommaire' }).tap();
  await expect(visitor.contents).toBeInViewport();
  await visitor.isStill();
  const link = visitor.contents.getByRole('link', { name: 'Mesure 4 : faire avancer' });
  await link.tap();
  await expect(page).toHaveURL('/fr/plan/m4');
  await expect(visitor.contents, 'the sheet does not stay over what one has gone to').toBeHidden();
  await visitor.seesTheBeginningOf(visitor.spot('m4'));
});

test('the sheet of contents shows where one is', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  await visitor.scrollsTo('m7.2');
  await expect(visitor.spot('m7.2')).toHaveClass(/is-current/);
  await bar(visitor).getByRole('button', { name: 'Sommaire' }).tap();
  await visitor.isStill();
  await expect(visitor.contents.locator('.contents__paras [aria-current]')).toHaveAttribute('href', '/fr/plan/m7.2');
  await expect(visitor.contents.locator('.contents__paras [aria-current]')).toBeInViewport();
});

test('the passage comes up as a sheet about the paragraph in view', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await expect(visitor.passage).toBeHidden();
  await bar(visitor).getByRole('button', { name: 'Ce passage' }).tap();
  await expect(visitor.passage.getByRole('heading', { level: 2 })).toHaveText('Mesure 4, § 2');
  await expect(visitor.passage.getByRole('button', { name: 'Copier le lien' })).toBeInViewport();
  await visitor.isStill();
  await visitor.passage.getByRole('link', { name: 'Il étudiera les incidences' }).tap();
  await expect(page).toHaveURL('/fr/plan/m4.2.s3');
  await expect(visitor.passage).toBeHidden();
  await visitor.seesTheBeginningOf(visitor.spot('m4.2.s3'));
});

test('a sheet is put away by its button, by a touch beside it and by Escape', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const button = bar(visitor).getByRole('button', { name: 'Sommaire' });
  await button.tap();
  await expect(visitor.contents).toBeVisible();
  await button.tap();
  await expect(visitor.contents).toBeHidden();
  await button.tap();
  await visitor.isStill();
  await page.touchscreen.tap(195, 90);
  await expect(visitor.contents).toBeHidden();
  await button.tap();
  await expect(visitor.contents).toBeVisible();
  await visitor.presses('Escape');
  await expect(visitor.contents).toBeHidden();
});

test('one sheet gives way to the other', async ({ visitor }) => {
  await visitor.opens('/fr/plan');
  await bar(visitor).getByRole('button', { name: 'Sommaire' }).tap();
  await expect(visitor.contents).toBeVisible();
  await bar(visitor).getByRole('button', { name: 'Ce passage' }).tap();
  await expect(visitor.passage).toBeVisible();
  await expect(visitor.contents).toBeHidden();
});

test('no sheet covers the thumb bar', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.1');
  for (const [name, sheet] of [['Sommaire', '#contents'], ['Ce passage', '#passage'], ['Affichage', '#display']] as const) {
    await bar(visitor).getByRole('button', { name }).tap();
    await visitor.isStill();
    const box = (await page.locator(sheet).boundingBox())!;
    const thumbs = (await bar(visitor).boundingBox())!;
    expect(box.y + box.height).toBeLessThanOrEqual(thumbs.y + 1);
    expect(box.y, 'and it leaves the bar on top').toBeGreaterThan(40);
    await bar(visitor).getByRole('button', { name }).tap();
  }
});

test('previous and next are in the sheet', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await bar(visitor).getByRole('button', { name: 'Ce passage' }).tap();
  await visitor.passage.getByRole('link', { name: 'Suivant' }).tap();
  await expect(page).toHaveURL('/fr/plan/m4.3');
  await visitor.seesTheBeginningOf(visitor.spot('m4.3'));
});

test('the search fills the screen', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await page.locator('.bar__search').tap();
  await expect(visitor.searchDialog.getByRole('searchbox')).toBeFocused();
  expect(await visitor.searchDialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
  await visitor.searchDialog.getByRole('searchbox').fill('munitions');
  await expect(visitor.searchDialog.locator('ol > li').first()).toBeInViewport();
  await visitor.searchDialog.getByRole('button', { name: 'Fermer' }).tap();
  await expect(visitor.searchDialog).toBeHidden();
});

test('every place of the site can be reached without the wide bar', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  const links = await page.getByRole('contentinfo').getByRole('link').allTextContents();
  expect(links).toEqual(['Accueil', 'Le plan', 'Vidéos', 'À propos', 'Accessibilité', 'Mentions légales', 'API']);
});

test('the foot can be read and touched above the thumb bar', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan');
  await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }));
  await visitor.isStill();
  const note = (await page.locator('.foot__note').boundingBox())!;
  const thumbs = (await bar(visitor).boundingBox())!;
  expect(note.y + note.height).toBeLessThanOrEqual(thumbs.y);
});

test('both languages follow each other, paragraph by paragraph', async ({ page, visitor }) => {
  await visitor.opens('/fr/plan/m4.2');
  await bar(visitor).getByRole('link', { name: 'Côte à côte' }).tap();
  await expect(page).toHaveURL('/fr/plan/m4.2?side=1');
  await expect(page.locator('.para__pair')).toHaveCount(PARAGRAPHS);
  for (const column of await page.locator('[id="m4.2"] .para__col').all()) {
    expect((await column.boundingBox())!.width, 'wide enough to be read').toBeGreaterThan(240);
  }
});

for (const [name, path] of PAGES) {
  test(`${name} does not scroll sideways`, async ({ page, visitor }) => {
    await visitor.opens(path('fr'));
    expect(await visitor.sideways()).toBe(0);
    // The words of both languages find room on the narrower screen.
    await page.setViewportSize({ width: 320, height: 844 });
    for (const lang of LANGUAGES) {
      if (lang !== 'fr') await visitor.opens(path(lang));
      await visitor.isStill();
      expect(await visitor.sideways(), lang).toBe(0);
    }
  });
}

for (const width of [390, 320]) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height: 844 } });

    test('a page that does not exist does not scroll sideways', async ({ trouble, visitor }) => {
      trouble.expect(...NOT_FOUND);
      await visitor.page.goto('/fr/nowhere');
      expect(await visitor.sideways()).toBe(0);
    });

    test('very large text does not scroll sideways', async ({ page, visitor }) => {
      await page.addInitScript(() => localStorage.setItem('size', 'xl'));
      for (const path of ['/fr/plan', '/en/plan', '/fr/plan?side=1', '/fr', '/fr/plan/search?q=approvisionnement']) {
        await visitor.opens(path);
        expect(await visitor.sideways(), path).toBe(0);
      }
    });

    test('no sheet and no dialog is wider than the screen', async ({ page, visitor }) => {
      await visitor.opens('/fr/plan/m4.1');
      for (const sheet of ['contents', 'passage', 'display']) {
        await page.locator(`.thumb-bar [popovertarget="${sheet}"]`).tap();
        await visitor.isStill();
        const own = await page.locator(`#${sheet}`).evaluate((element) => ({ beyond: element.scrollWidth - element.clientWidth, right: element.getBoundingClientRect().right }));
        expect(own.beyond, sheet).toBeLessThanOrEqual(0);
        expect(own.right).toBeLessThanOrEqual(width);
        await visitor.presses('Escape');
      }
      await page.locator('.bar__search').tap();
      await visitor.searchDialog.getByRole('searchbox').fill('approvisionnement');
      await expect(visitor.searchDialog.locator('ol > li').first()).toBeVisible();
      expect(await visitor.searchDialog.locator('ol').evaluate((list) => list.scrollWidth - list.clientWidth)).toBeLessThanOrEqual(0);
      expect(await visitor.sideways()).toBe(0);
    });

    test('what can be touched is large enough', async ({ page, visitor }) => {
      const small = () =>
        page.locator('a:visible, button:visible, input:visible').evaluateAll((all) =>
          all
            .filter((element) => {
              // Links in running text are as high as the line (WCAG 2.5.8, inline).
              if (getComputedStyle(element).display === 'inline' && element.closest('p, li, dd')?.textContent?.trim() !== element.textContent?.trim()) return false;
              // A target may be the box that its ::after stretches over (the rows of hits).
              const after = getComputedStyle(element, '::after');
              if (after.position === 'absolute' && after.inset === '0px' && after.content !== 'none') return false;
              // What its label is pressed for, too.
              const { width, height } = (element.closest('label') ?? element).getBoundingClientRect();
              return width < 24 || height < 24;
            })
            .map((element) => {
              const { width, height } = element.getBoundingClientRect();
              return `${element.className || element.tagName} “${element.textContent!.trim().slice(0, 30)}” ${Math.round(width)}×${Math.round(height)}`;
            }),
        );
      for (const path of ['/fr', '/fr/plan', '/fr/plan/m4.2?side=1', '/fr/plan/search?q=munitions', '/fr/plan/search', '/fr/about', '/fr/legal']) {
        await visitor.opens(path);
        expect(await small(), path).toEqual([]);
      }
      await visitor.opens('/fr/plan/m4.1');
      for (const sheet of ['contents', 'passage', 'display']) {
        await page.locator(`.thumb-bar [popovertarget="${sheet}"]`).tap();
        await visitor.isStill();
        expect(await small(), sheet).toEqual([]);
        await visitor.presses('Escape');
      }
    });
  });
}

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('contents and passage come up as sheets all the same', async ({ page, visitor }) => {
    await visitor.opens('/fr/plan/m4.2');
    await expect(visitor.contents).toBeHidden();
    await bar(visitor).getByRole('button', { name: 'Sommaire' }).tap();
    await expect(visitor.contents).toBeVisible();
    await bar(visitor).getByRole('button', { name: 'Ce passage' }).tap();
    await expect(visitor.contents).toBeHidden();
    await expect(visitor.passage).toBeVisible();
    await expect(visitor.passage.getByRole('heading', { level: 2 })).toHaveText('Mesure 4, § 2');
    await visitor.passage.getByRole('link', { name: 'Suivant' }).tap();
    await expect(page).toHaveURL('/fr/plan/m4.3');
    await visitor.seesTheBeginningOf(visitor.spot('m4.3'));
  });

  test('the contents lead into the text', async ({ page, visitor }) => {
    await visitor.opens('/fr/plan');
    await bar(visitor).getByRole('button', { name: 'Sommaire' }).tap();
    await visitor.contents.getByRole('link', { name: 'Adoption rapide' }).first().tap();
    await expect(page).toHaveURL('/fr/plan/adopt');
    await visitor.seesTheBeginningOf(visitor.spot('adopt'));
  });
});
