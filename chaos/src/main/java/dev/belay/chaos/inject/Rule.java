package dev.belay.chaos.inject;

/**
 * Requests and what happens to them.
 *
 * @param match which requests
 * @param fault what happens
 */
public record Rule(RequestMatch match, RuleFault fault) {}
