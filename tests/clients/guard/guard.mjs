// Keep a client in Node.js from reaching any machine but this one.

import net from "node:net";

const connect = net.Socket.prototype.connect;

net.Socket.prototype.connect = function (...given) {
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  const host = first?.host ?? (typeof given[1] === "string" ? given[1] : "localhost");
  if (!first?.path && !/^(127\.|::1$|localhost$)/.test(host)) {
    throw new Error(`${host} is not this machine`);
  }
  return connect.apply(this, given);
};
