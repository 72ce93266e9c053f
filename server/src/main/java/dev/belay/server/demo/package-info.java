/** What a newcomer sees first: bad proxies on loopback, with and without Belay. */
@org.jspecify.annotations.NullMarked
package dev.belay.server.demo;
