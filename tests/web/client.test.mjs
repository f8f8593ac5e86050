// Pure modules of the map's client, run by Node without a browser: `node --test` (see test_client.py).
import assert from "node:assert/strict";
import { test } from "node:test";

const source = new URL("../../src/whoholds/web/client/src/", import.meta.url);
const { formatAddress, LAYERS, parseAddress } = await import(new URL("address.ts", source));
const { dayLabel, dayNumber, dayOf } = await import(new URL("days.ts", source));
const { decodePaint, paintCodes } = await import(new URL("paint.ts", source));

test("an address goes round", () => {
  for (const search of [
    "",
    "?day=2025-03-12",
    "?day=2025-03-12&known=2025-03-13",
    "?day=2025-03-12&known=2025-03-13&place=geonames:486816&layers=control,places&at=9.50/51.2000/35.1000",
    "?layers=",
    "?place=8811a9a2b3fffff&at=0.00/-33.5000/-70.2500",
  ]) {
    assert.equal(formatAddress(parseAddress(search)), search);
  }
});

test("an address of nonsense asks nothing", () => {
  const view = parseAddress("?day=tomorrow&known=2025-3-1&at=1/2&layers=sky,control&place=");
  assert.deepEqual(
    { ...view, layers: [...view.layers] },
    { day: null, known: null, place: null, layers: ["control"], camera: null },
  );
  for (const at of ["1/95/0", "99/0/0", "a/b/c", "//", "1/0/200", "NaN/1/1"]) {
    assert.equal(parseAddress(`?at=${at}`).camera, null, at);
  }
  assert.equal(parseAddress("").layers.size, LAYERS.length);
});

test("a place's name cannot break out of the address", () => {
  const place = "a&day=1999-01-01#x=%20/ü";
  assert.equal(parseAddress(formatAddress({ ...parseAddress(""), place })).place, place);
});

test("days count across leap years and summer time", () => {
  for (const day of ["2024-02-29", "2025-03-30", "2025-10-26", "1999-12-31"]) {
    assert.equal(dayOf(dayNumber(day)), day);
  }
  assert.equal(dayOf(dayNumber("2024-02-28") + 1), "2024-02-29");
  assert.equal(dayLabel("2025-03-12"), "Wed, 12 Mar 2025");
});

test("ground is painted by the lead of the likelier side, and hatched where contested", () => {
  const states = ["A", "B", "contested"];
  const columns = [
    [950, 500, 10, 100, 400],
    [30, 490, 980, 100, 300],
    [20, 10, 10, 800, 300],
  ];
  const paints = [...paintCodes(columns, states, [4])].map(decodePaint);
  assert.equal(paints[0].party, 0);
  assert.ok(paints[0].strength > 0.85);
  assert.ok(paints[1].strength < 0.05, "ground that either may hold is pale");
  assert.equal(paints[2].party, 1);
  assert.ok(paints[3].hatch > 0.7);
  assert.equal(paints[0].hatch, 0);
  assert.equal(paints[4], null, "nothing is known there");
});

test("three parties and none contested", () => {
  const paints = [...paintCodes([[100], [200], [700]], ["A", "B", "C"], [])].map(decodePaint);
  assert.deepEqual([paints[0].party, paints[0].hatch], [2, 0]);
});
