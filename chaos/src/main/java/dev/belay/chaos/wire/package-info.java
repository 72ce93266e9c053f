/**
 * Plans, observations and traces as trees of maps, lists, texts, numbers and truth values, which is
 * what JSON is made of: for files, for the network and for reports.
 */
@NullMarked
package dev.belay.chaos.wire;

import org.jspecify.annotations.NullMarked;
