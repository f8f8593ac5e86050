// Builds two entries with fixed names (the server adds the build's hash to their addresses) into the
// folder that the build hook names. Nothing is inlined and nothing is fetched from elsewhere.
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// Natural Earth's 1:10m countries (public domain), as TopoJSON; the server cuts them to the theatre.
const basemap = {
  name: "basemap",
  async generateBundle() {
    const source = await readFile(fileURLToPath(import.meta.resolve("world-atlas/countries-10m.json")), "utf8");
    this.emitFile({ type: "asset", fileName: "basemap.topojson", source });
  },
};

// The licences of everything that the bundles are made of, as they ask for.
const licences = {
  name: "licences",
  async generateBundle() {
    const lock = JSON.parse(await readFile(here("package-lock.json"), "utf8"));
    const used = Object.entries(lock.packages).filter(([path, entry]) => path !== "" && !entry.dev);
    used.push(...Object.entries(lock.packages).filter(([path]) => path === "node_modules/world-atlas"));
    const parts = [];
    for (const [path, entry] of used) {
      const names = (await readdir(here(path))).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
      const texts = await Promise.all(names.map((name) => readFile(here(`${path}/${name}`), "utf8")));
      parts.push([`${path.replace("node_modules/", "")} ${entry.version} (${entry.license})`, ...texts].join("\n\n"));
    }
    this.emitFile({ type: "asset", fileName: "licences.txt", source: parts.join(`\n\n${"-".repeat(80)}\n\n`) });
  },
};

export default defineConfig({
  root: here("."),
  base: "/static/app/",
  publicDir: false,
  plugins: [basemap, licences],
  build: {
    outDir: process.env.WHOHOLDS_CLIENT_OUT ?? here("dist"),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: true,
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { map: here("src/map.ts"), page: here("src/page.ts") },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "[name][extname]" : "[name]-[hash][extname]",
      },
    },
  },
});
