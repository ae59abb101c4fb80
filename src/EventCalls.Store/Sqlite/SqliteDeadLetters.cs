using EventCalls.Contracts;
using EventCalls.Store.Steering;
using Microsoft.Data.Sqlite;

namespace EventCalls.Store.Sqlite;

/// <summary>Who did what with dead letters; each method that writes is one transaction.</summary>
internal static class SqliteDeadLetters
{
    private const string Columns = "id, at, by, act, name, letter, letters";

    public static bool Keep(SqliteAppender appender, DeadLetterAct act) => appender.InTransaction(() =>
    {
        using var write = new SqliteStatement(appender.Connection.Handle!, $"insert into calls_dead_letter_acts ({Columns}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        write.Bind(1, act.Id).Bind(2, act.At).Bind(3, act.By).Bind(4, WireName.Of(act.Act)).Bind(5, act.Name).Bind(6, act.Letter).Bind(7, act.Letters).Run();
        return true;
    });

    public static bool Count(SqliteAppender appender, Guid id, int letters) => appender.InTransaction(() =>
    {
        using var write = new SqliteStatement(appender.Connection.Handle!, "update calls_dead_letter_acts set letters = ?2 where id = ?1 and letters is null");
        write.Bind(1, id).Bind(2, letters).Run();
        return true;
    });

    public static IReadOnlyList<DeadLetterAct> List(SqliteConnection connection, int limit)
    {
        using var read = new SqliteStatement(connection.Handle!, $"select {Columns} from calls_dead_letter_acts order by at desc, id desc limit ?1");
        read.Bind(1, limit);
        var acts = new List<DeadLetterAct>();
        while (read.Step())
        {
            acts.Add(new DeadLetterAct
            {
                Id = Guid.Parse(read.RequiredText(0)),
                At = read.RequiredTime(1),
                By = read.RequiredText(2),
                Act = WireName.Parse<DeadLetterDeed>(read.RequiredText(3))!.Value,
                Name = read.RequiredText(4),
                Letter = read.Text(5),
                Letters = (int?)read.Number(6),
            });
        }
        return acts;
    }
}
