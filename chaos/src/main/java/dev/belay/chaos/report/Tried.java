package dev.belay.chaos.report;

/**
 * What a session looked at.
 *
 * @param heat what is known of each kind of fault at each edge
 * @param coverage how much was looked at, and what may be left
 */
public record Tried(HeatMap heat, Coverage coverage) {}
