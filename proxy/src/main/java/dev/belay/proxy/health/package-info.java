/** Finds out which proxies work, how quickly, and what they tell of their users. */
@org.jspecify.annotations.NullMarked
package dev.belay.proxy.health;
