namespace Sagitta.Experiments.Landscapes.Muon;

/// <summary>Events in groups of fixed size with their graphs, ready for the network; threads share it.</summary>
internal sealed class MuonSample
{
    /// <summary>Events of a group.</summary>
    public const int GroupSize = 8;

    /// <summary>Takes the first events of a sample, in whole or part groups.</summary>
    public MuonSample(MuonChain chain, EventSet events, int count, double classification)
    {
        Chain = chain;
        Events = events;
        Count = Math.Min(count, events.Count);
        ReferenceSigma = chain.ReferenceSigma(events);
        int[] all = [.. Enumerable.Range(0, Count)];
        Scale = MuonBatchScale.Of(events, all, classification, 1);
        Groups = [.. all.Chunk(GroupSize)];
        Graphs = [.. Groups.Select(group =>
        {
            HitGraph graph = new();
            chain.Graphs.Build(events, group, graph);
            return graph;
        })];
    }

    /// <summary>The stages.</summary>
    public MuonChain Chain { get; }

    /// <summary>The events; those beyond <see cref="Count"/> are not used.</summary>
    public EventSet Events { get; }

    /// <summary>Number of events in use.</summary>
    public int Count { get; }

    /// <summary>One unit of residual for each event, 1/GeV.</summary>
    public double[] ReferenceSigma { get; }

    /// <summary>Numbers of the events of each group.</summary>
    public int[][] Groups { get; }

    /// <summary>Graph of each group.</summary>
    public HitGraph[] Graphs { get; }

    /// <summary>Weights of hits and events that make sums over all groups means.</summary>
    internal MuonBatchScale Scale { get; }
}
