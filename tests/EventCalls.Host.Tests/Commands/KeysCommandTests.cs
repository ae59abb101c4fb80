using EventCalls.Console.Security;
using EventCalls.Host.Commands;

namespace EventCalls.Host.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("eventcalls-keys-");

    private string File => Path.Combine(_folder.FullName, "keys.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_key_is_made_listed_and_revoked()
    {
        Assert.Equal((ExitCodes.Done, true), await RunAsync(output => output.StartsWith("ec_", StringComparison.Ordinal), "new", "desk", "--scope", "operate"));
        var key = Assert.Single(new ApiKeyFile(File).Read());
        Assert.Equal(("desk", ApiScope.Operate, null), (key.Name, key.Scope, key.RevokedAt));
        Assert.Equal((ExitCodes.Done, true), await RunAsync(output => output.StartsWith("desk ", StringComparison.Ordinal) && output.Contains("operate", StringComparison.Ordinal), "list"));
        Assert.Equal((ExitCodes.NotSo, true), await RunAsync(output => output.Length == 0, "new", "desk", "--scope", "read"));
        Assert.Equal((ExitCodes.Done, true), await RunAsync(output => output.Contains("revoked desk", StringComparison.Ordinal), "revoke", "desk"));
        Assert.NotNull(Assert.Single(new ApiKeyFile(File).Read()).RevokedAt);
        Assert.Equal((ExitCodes.NotSo, true), await RunAsync(output => output.Length == 0, "revoke", "desk"));
        Assert.Equal((ExitCodes.Done, true), await RunAsync(output => output.Contains("\"revokedAt\":\"", StringComparison.Ordinal), "list", "--json"));
    }

    [Theory]
    [InlineData("a b", "read")]
    [InlineData("desk", "everything")]
    public async Task A_name_or_scope_that_cannot_be_is_bad_usage(string name, string scope) =>
        Assert.Equal((ExitCodes.BadUsage, true), await RunAsync(output => output.Length == 0, "new", name, "--scope", scope));

    private async Task<(int Exit, bool IsAsExpected)> RunAsync(Func<string, bool> expected, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await CommandLine.RunAsync(["keys", .. arguments, $"--EventCalls:Http:Keys={File}"], _folder.FullName, output, error, TimeProvider.System);
        return (exit, expected(output.ToString()));
    }
}
