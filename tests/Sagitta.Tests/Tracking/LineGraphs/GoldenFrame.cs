namespace Sagitta.Tests.Tracking.LineGraphs;

/// <summary>A golden frame in its stored order of hits.</summary>
internal static class GoldenFrame
{
    public static CalorimeterFrame Read(NpzReader file, int events) => new()
    {
        Events = events,
        Layer = file.ReadConverted<int>("hit_layer"),
        X = file.Read<float>("hit_posX"),
        Y = file.Read<float>("hit_posY"),
        Z = file.Read<float>("hit_posZ"),
        Energy = file.Read<float>("hit_edep"),
        TruthEvent = file.ReadConverted<long>("hit_eventID"),
        TruthTrack = file.ReadConverted<long>("hit_trackID"),
        TruthPrimary = file.Read<bool>("hit_is_primary"),
    };
}
