/**
 * Reports of what calls to models do when things fail, over real sockets: nothing in them is
 * written by hand but what was expected.
 */
@org.jspecify.annotations.NullMarked
package dev.belay.bench.report;
