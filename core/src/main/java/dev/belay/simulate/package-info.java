/**
 * Tries a policy out before it meets anybody: the real engine against scripted endpoints in virtual
 * time.
 */
@org.jspecify.annotations.NullMarked
package dev.belay.simulate;
