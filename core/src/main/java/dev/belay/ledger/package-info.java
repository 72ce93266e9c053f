/** Remembers what attempts came to: counts by minute and hour, by endpoint, policy and host. */
@org.jspecify.annotations.NullMarked
package dev.belay.ledger;
