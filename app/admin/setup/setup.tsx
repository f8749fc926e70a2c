'use client';
export function Setup() {
  return <main />;
}
