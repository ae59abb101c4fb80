using System.Runtime.CompilerServices;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace EventCalls.Console.Tests.Pages;

/// <summary>Debian's Chromium, for all tests of pages.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        // A busy machine takes its time; what is right is there at once all the same.
        Assertions.SetDefaultExpectTimeout(30_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>A page of a console, in a window with nothing kept from before; what its scripts complain of is collected.</summary>
    public async Task<Tab> OpenAsync(Uri address, string path, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { ColorScheme = scheme, BaseURL = address.ToString(), ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        var tab = new Tab(context, await context.NewPageAsync());
        await tab.Page.GotoAsync(path);
        return tab;
    }
}

/// <summary>An open page.</summary>
public sealed class Tab : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Tab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => { if (message.Type == "error") Errors.Add(message.Text); };
        page.PageError += (_, error) => Errors.Add(error);
    }

    public IPage Page { get; }

    /// <summary>What scripts threw, and what the browser refused to load or run.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The serious findings of axe, in words.</summary>
    public async Task<IEnumerable<string>> FindingsAsync()
    {
        var found = await Page.RunAxe();
        return found.Violations.Where(v => v.Impact is "serious" or "critical")
            .Select((AxeResultItem v) => $"{v.Id}: {v.Help} ({string.Join("; ", v.Nodes.Take(3).Select(n => n.Html))})");
    }

    // What is written in pictures, as large as it is drawn.
    private const string SmallestWords = """
        Math.min(99, ...[...document.querySelectorAll("svg text")].filter(t => t.getClientRects().length > 0).map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a))
        """;

    // Names above a ladder that run into each other.
    private const string TouchingNames = """
        [...document.querySelectorAll("svg.ladder")].flatMap(l => { const boxes = [...l.querySelectorAll(".name")].map(n => n.getBoundingClientRect()); return boxes.slice(1).filter((b, i) => b.width > 0 && b.left < boxes[i].right); }).length
        """;

    /// <summary>Expects no serious finding of axe, nothing that is wider than the window and nothing too small to be read, and keeps a picture.</summary>
    public async Task MustBeForEverybodyAsync(string picture)
    {
        Assert.Empty(await FindingsAsync());
        Assert.Equal(0, await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        Assert.InRange(await Page.EvaluateAsync<double>(SmallestWords), 9, 99);
        Assert.Equal(0, await Page.EvaluateAsync<int>(TouchingNames));
        // Else the bar, which stays on top, is in the middle of the picture.
        await Page.EvaluateAsync("scrollTo(0, 0)");
        await PictureAsync(picture.ToLowerInvariant());
    }

    /// <summary>Keeps a picture beside the tests' results, for people.</summary>
    public Task PictureAsync([CallerMemberName] string name = "") =>
        Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, name + ".png"), FullPage = true });

    private static string Folder { get; } = Path.Combine(RootOf(AppContext.BaseDirectory), "artifacts", "screenshots");

    private static string RootOf(string folder) => File.Exists(Path.Combine(folder, "EventCalls.sln")) ? folder : RootOf(Path.GetDirectoryName(folder)!);

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}

[CollectionDefinition(nameof(Browser))]
public sealed class BrowserCollection : ICollectionFixture<Browser>;
