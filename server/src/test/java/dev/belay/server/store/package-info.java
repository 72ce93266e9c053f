/** Tests of the store, on real databases. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.store;
