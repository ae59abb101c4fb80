using EventCalls.Testing.Databases;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Tests.Sqlite;

/// <summary>Files that past versions wrote, as they were: each is brought up to date, with all that is in it.</summary>
public sealed class SqliteVersionTests(SqliteFixture fixture) : IClassFixture<SqliteFixture>
{
    private const int Newest = 7;

    public static TheoryData<int> Past => [.. Enumerable.Range(1, Newest - 1)];

    [Theory]
    [MemberData(nameof(Past))]
    public async Task A_file_of_a_past_version_is_named_by_those_who_only_read_it(int version)
    {
        var path = await CopyAsync(version);
        await using var store = fixture.Open(path);
        foreach (var use in (Func<Task>[])[() => store.PingAsync(default), () => store.SearchAsync(new CallQuery(), default), () => store.AppendAsync([], default)])
        {
            var refused = await Assert.ThrowsAsync<StoreUnreachableException>(use);
            Assert.Contains($"an older version of EventCalls wrote it (schema {version}; this one needs {Newest})", refused.Message);
            Assert.Contains("eventcalls run", refused.Message);
        }
        Assert.Equal(version, VersionOf(path));
    }

    [Theory]
    [MemberData(nameof(Past))]
    public async Task A_file_of_a_past_version_is_brought_up_to_date_and_keeps_what_is_in_it(int version)
    {
        var path = await CopyAsync(version);
        await MustBeKeptAsync(version, path);
        Assert.Equal(Newest, VersionOf(path));
        Assert.Equal(TablesOf(await NewFileAsync()), TablesOf(path));
    }

    [Fact]
    public async Task A_file_of_version_2_is_used_with_no_event_and_no_call_changed()
    {
        string[] contents =
        [
            "select position || ' ' || call_id || ' ' || version || ' ' || event_id || ' ' || type || ' ' || occurred_at || ' ' || data from events order by position",
            "select call_id || ' ' || caller || ' ' || coalesce(outcome, '-') || ' ' || attempts || ' ' || version || ' ' || coalesce(ended_at, '-') from calls order by call_id",
            "select event_id || ' ' || data from calls_late_events",
        ];
        var path = await CopyAsync(2);
        var before = contents.Select(sql => Texts(path, sql)).ToList();
        Assert.Equal([323, 42, 1], before.Select(lines => lines.Count));
        await using var store = fixture.Open(path);
        await store.MigrateAsync(default);
        Assert.Equal(before, contents.Select(sql => Texts(path, sql)));
        await PastVersions.MustBeReadAsync(store, before[1].Count, before[0].Count);
    }

    [Theory]
    [MemberData(nameof(Past))]
    public async Task A_file_that_does_not_say_its_version_is_known_by_its_tables(int version)
    {
        var path = await CopyAsync(version);
        await fixture.ExecuteAsync(path, "pragma user_version = 0");
        await using (var store = fixture.Open(path))
            Assert.Contains($"schema {version};", (await Assert.ThrowsAsync<StoreUnreachableException>(() => store.PingAsync(default))).Message);
        await MustBeKeptAsync(version, path);
    }

    [Fact]
    public async Task A_present_file_that_does_not_say_its_version_is_used_as_it_is()
    {
        var path = await NewFileAsync();
        await fixture.ExecuteAsync(path, "pragma user_version = 0");
        await using var store = fixture.Open(path);
        await store.PingAsync(default);
        await store.MigrateAsync(default);
        Assert.Equal(Newest, VersionOf(path));
    }

    [Fact]
    public async Task A_step_that_fails_leaves_the_file_as_it_was()
    {
        var path = await CopyAsync(1);
        await fixture.ExecuteAsync(path, "drop table calls_nodes; create view calls_nodes as select 1 as node");
        await using var store = fixture.Open(path);
        await Assert.ThrowsAsync<StoreUnreachableException>(() => store.MigrateAsync(default));
        Assert.Equal(1, VersionOf(path));
    }

    [Fact]
    public async Task A_new_file_is_of_the_newest_version() => Assert.Equal(Newest, VersionOf(await NewFileAsync()));

    private async Task MustBeKeptAsync(int version, string path)
    {
        if (version == 1)
        {
            await PastVersions.MustBeKeptAsync(fixture.Open(path));
            return;
        }
        await using var store = fixture.Open(path);
        await store.MigrateAsync(default);
        var filled = await store.SearchAsync(new CallQuery { Limit = 100 }, default);
        Assert.Contains(filled, call => call is { DecisionMicroseconds: > 0, PostDialDelayMs: > 0 });
        await store.RebuildProjectionAsync(default);
        Assert.Equal(await store.SearchAsync(new CallQuery { Limit = 100 }, default), filled);
        await PastVersions.MustBeReadAsync(store, 42, 323);
    }

    private async Task<string> NewFileAsync()
    {
        var path = await fixture.NewDatabaseAsync();
        await using var store = fixture.Open(path);
        await store.MigrateAsync(default);
        return path;
    }

    private async Task<string> CopyAsync(int version)
    {
        var path = await fixture.NewDatabaseAsync();
        await File.WriteAllBytesAsync(path, PastDatabase.Read($"sqlite-{version}.db"));
        return path;
    }

    private static int VersionOf(string path) => int.Parse(Texts(path, "pragma user_version").Single());

    private static List<string> TablesOf(string path) =>
        Texts(path, "select t.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" from sqlite_master t, pragma_table_info(t.name) c where t.type in ('table', 'index') order by 1");

    private static List<string> Texts(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var texts = new List<string>();
        while (reader.Read())
            texts.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return texts;
    }
}
