/**
 * Next renders the pages of the dashboard and nothing else: no data, no secrets, no compression of anything
 * that streams. Types are checked by `npm run verify`, so that a first start need not do it again.
 */
/** @type {import('next').NextConfig} */
export default {
  compress: false,
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  typescript: { ignoreBuildErrors: true },
  devIndicators: false,
  // Said, not guessed: a lock file in some folder above would move the root there.
  turbopack: { root: import.meta.dirname },
};
