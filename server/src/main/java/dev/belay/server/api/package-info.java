/** What the control port serves: health, metrics, REST. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.api;
