namespace EventCalls.Interop.Tests;

/// <summary>A page's call, through the node itself.</summary>
public class BrowserCallsHere(BrowserCalls.PageService service) : BrowserCalls(service), IClassFixture<BrowserCalls.PageService>;
