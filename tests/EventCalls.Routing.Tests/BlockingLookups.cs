using EventCalls.Routing.Lookups;

namespace EventCalls.Routing.Tests;

/// <summary>Look-ups that do not come back until they are released.</summary>
internal sealed class BlockingLookups : ILookupSource
{
    private readonly ManualResetEventSlim _released = new();

    public void Release() => _released.Set();

    public bool TryFind(string name, string key, out string? value)
    {
        _released.Wait();
        value = null;
        return true;
    }

    public string Refusal(string name, string key) => "";
}
