namespace Sagitta.Experiments;

/// <summary>The systems that come with Sagitta. A new one is a folder of its own and a word here.</summary>
internal static class TrackingSystems
{
    /// <summary>All of them; verbs without a system's name mean the first that offers them so.</summary>
    public static IReadOnlyList<TrackingSystem> All { get; } = [new MuonSystem(), new CalorimeterSystem(), new EndcapSystem()];
}
