/// Follow the sun: the desk whose day it is.
public sealed class FollowTheSun : RoutingLogic
{
    private const string Home = "Europe/London";

    private sealed record Desk(string Name, string Number);

    private static readonly Desk[] Desks = [new("sydney", "4610"), new("london", "4620"), new("denver", "4630")];

    private static bool IsDay(Conversation conv, Desk desk)
    {
        string id = conv.Lookup("desks.zone", desk.Name) ?? Home;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            zone = TimeZoneInfo.FindSystemTimeZoneById(Home);
        return TimeZoneInfo.ConvertTime(conv.Now, zone).Hour is >= 8 and < 18;
    }

    public override Decision Start(Conversation conv) =>
        Desks.FirstOrDefault(desk => IsDay(conv, desk)) is { } desk
            ? Handoff.Invite(desk.Number, outboundEndpoint: "pstn").Because(desk.Name)
            : Handoff.Reject(480);
}
