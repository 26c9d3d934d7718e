"""Headless Chromium against a live server, with the CDN's files from the npm package."""
