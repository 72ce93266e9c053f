/** The command line: one class for each verb. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.cli;
