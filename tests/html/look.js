// What a page looks like, as a browser shows it: an object of lists, each empty where all is well.
//
//   overflow   elements that reach beyond the window
//   contrast   text whose contrast with what is behind it is less than WCAG 2.2 asks for (1.4.3), or marks of the
//              picture (1.4.11)
//   overlap    pairs of labels of the picture that lie upon each other, and labels outside it
//   structure  what someone who cannot see the page would miss
(() => {
  'use strict';
  const number = (text) => text.match(/[\d.]+/g).map(Number);
  const describe = (node) => `${node.tagName} "${node.textContent.trim().slice(0, 50)}"`;
  const isHidden = (element) => {
    const style = getComputedStyle(element);
    return style.clipPath !== 'none' || style.display === 'none' || style.visibility === 'hidden';
  };
  const isShown = (element) => {
    for (let at = element; at; at = at.parentElement) {
      if (isHidden(at)) return false;
    }
    return element.getClientRects().length > 0;
  };

  // Colours over one another, as they are painted; alpha counts.
  const over = (upper, lower) => {
    const alpha = upper.length > 3 ? upper[3] : 1;
    return [0, 1, 2].map((i) => upper[i] * alpha + lower[i] * (1 - alpha));
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(number(getComputedStyle(at).backgroundColor));
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    return layers.reverse().reduce((lower, upper) => over(upper, lower), canvas);
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };

  const checkContrast = (element, paint, least, found) => {
    const back = behind(element);
    const value = ratio(over(number(paint), back), back);
    if (value < least) found.push(`${describe(element)}: ${value.toFixed(2)}, ${paint} on ${back}`);
  };
  const contrast = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const isPicture = element instanceof SVGElement;
    if (!walker.currentNode.data.trim() || !isShown(element) || (isPicture && element.tagName !== 'text')) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    checkContrast(element, isPicture ? style.fill : style.color, isLarge ? 3 : 4.5, contrast);
    texts += 1;
  }
  document.querySelectorAll('.axis .point, .axis .bar').forEach((element) =>
    checkContrast(element, getComputedStyle(element).fill, 3, contrast));
  document.querySelectorAll('.axis .now').forEach((element) =>
    checkContrast(element, getComputedStyle(element).stroke, 3, contrast));

  const overflow = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) overflow.push(`the page: ${document.documentElement.scrollWidth}`);
  document.body.querySelectorAll('*').forEach((element) => {
    const box = element.getBoundingClientRect();
    if (isShown(element) && (box.right > width + 0.5 || box.left < -0.5)) overflow.push(describe(element));
  });

  const overlap = [];
  document.querySelectorAll('svg.axis').forEach((svg) => {
    const frame = svg.getBoundingClientRect();
    const labels = [...svg.querySelectorAll('text')].map((element) => [element, element.getBoundingClientRect()]);
    labels.forEach(([element, box], i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1) {
        overlap.push(`${describe(element)} is outside`);
      }
      labels.slice(i + 1).forEach(([other, its]) => {
        // Lines that touch are no overlap: boxes are higher than letters.
        if (box.left < its.right && its.left < box.right && box.top + 2 < its.bottom && its.top + 2 < box.bottom) {
          overlap.push(`${describe(element)} and ${describe(other)}`);
        }
      });
    });
  });

  const structure = [];
  const demand = (holds, text) => holds || structure.push(text);
  demand(document.documentElement.lang, 'no lang');
  demand(document.title, 'no title');
  demand(document.querySelectorAll('h1').length === 1, 'not one h1');
  demand(document.querySelector('main') && document.querySelector('header'), 'no landmarks');
  document.querySelectorAll('th').forEach((cell) => demand(cell.scope, `${describe(cell)} without scope`));
  document.querySelectorAll('table').forEach((table) => demand(table.tHead, 'a table without head'));
  document.querySelectorAll('a').forEach((link) =>
    demand(document.getElementById((link.getAttribute('href') || '').slice(1)), `${describe(link)} leads nowhere`));
  document.querySelectorAll('svg.axis').forEach((svg) => {
    const named = (svg.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id));
    demand(svg.getAttribute('role') === 'img', 'a picture that is not role img');
    demand(named.length === 2 && named.every((part) => part && part.textContent.trim()), 'a picture without words');
  });
  demand(!document.querySelector('script, iframe, object, embed, img, link, base, form'), 'a thing that has no place');
  const handlers = [...document.querySelectorAll('*')].filter((element) =>
    [...element.attributes].some((attribute) => /^on/.test(attribute.name)));
  demand(handlers.length === 0, 'a handler of events');
  demand(texts > 20, `only ${texts} texts`);
  return { overflow, contrast, overlap, structure };
})();
