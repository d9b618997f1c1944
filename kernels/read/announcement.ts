/** What `npm run read` says once it listens. @param address with the key */
export const announcement = (address: string): string => `
  ${address}

Only this machine can reach the pages (${new URL(address).hostname}), and only with this address: who has it can run
programs as you. Ctrl-C ends the server and its kernels.`;
