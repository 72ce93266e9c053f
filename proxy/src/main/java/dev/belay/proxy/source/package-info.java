/** Lists of proxies from files and from the web, in whatever form they come. */
@org.jspecify.annotations.NullMarked
package dev.belay.proxy.source;
