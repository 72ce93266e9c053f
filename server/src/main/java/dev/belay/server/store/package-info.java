/** What outlives the process: the ports of the rooms over SQL, on SQLite or PostgreSQL. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.store;
