/**
 * Programs that speak as coding agents do, and fail on command: {@link
 * dev.belay.testkit.agent.FakeAgent} writes one, which does what its {@link
 * dev.belay.testkit.agent.Turn turns} say and keeps a journal of how it was called.
 */
@NullMarked
package dev.belay.testkit.agent;

import org.jspecify.annotations.NullMarked;
