using EventCalls.Contracts;

namespace EventCalls.Console.Pages.Calls;

/// <summary>Somebody who hears the call now, or is called to.</summary>
/// <param name="Id">The monitor.</param>
/// <param name="Target">Whom it is.</param>
/// <param name="Mode">What they say and to whom, such as <c>whisper target</c>.</param>
/// <param name="Hears">Whether they have answered.</param>
public sealed record PageMonitor(Guid Id, string Target, string Mode, bool Hears)
{
    /// <summary>Those of a call by its events so far.</summary>
    public static IReadOnlyList<PageMonitor> Of(IEnumerable<CallEvent> events)
    {
        var monitors = new List<PageMonitor>();
        foreach (var e in events)
        {
            switch (e)
            {
                case CommandTaken { Monitor: { Action: MonitorAction.Start, Mode: { } mode } asked }:
                    monitors.Add(new PageMonitor(asked.MonitorId, asked.Target ?? "", Text(mode, asked.Side), false));
                    break;
                case MonitorStarted started:
                    Replace(started.MonitorId, monitor => monitor with { Hears = true });
                    break;
                case MonitorChanged changed:
                    Replace(changed.MonitorId, monitor => monitor with { Mode = Text(changed.Mode, changed.Side) });
                    break;
                case MonitorEnded ended:
                    monitors.RemoveAll(monitor => monitor.Id == ended.MonitorId);
                    break;
            }
        }
        return monitors;

        void Replace(Guid id, Func<PageMonitor, PageMonitor> change)
        {
            int at = monitors.FindIndex(monitor => monitor.Id == id);
            if (at >= 0)
                monitors[at] = change(monitors[at]);
        }
    }

    private static string Text(MonitorMode mode, string? side) => side is null ? WireName.Of(mode) : $"{WireName.Of(mode)} {side}";
}
