package dev.belay.chaos.propose;

import dev.belay.chaos.space.Point;

/**
 * What to try next.
 *
 * @param point keeps to the constraints of its space
 * @param arm the way of proposing it came from, for the record
 */
public record Proposal(Point point, String arm) {}
