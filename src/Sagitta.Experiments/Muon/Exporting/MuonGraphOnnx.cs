namespace Sagitta.Experiments.Muon.Exporting;

/// <summary>
/// What <see cref="HitGraphBuilder"/> does for one event, as operators of an ONNX graph: all pairs of hits are looked at, those within
/// their windows become edges, and a hit's tracklet is voted for by the pairs of its station.
/// </summary>
internal static class MuonGraphOnnx
{
    private const double RoadScale = HitGraphGates.RoadScale;
    private const double DistanceScale = HitGraphGates.DistanceScale;

    /// <summary>Adds the values "hits", "edges", "sources" and "targets", each with an ending, of hits in the order of the
    /// program.</summary>
    public static void Append(OnnxGraph graph, Detector detector, HitGraphOptions options, string plane, MuonImage image, string ending)
    {
        (OnnxValue y, OnnxValue charge, OnnxValue time, OnnxValue road) = image;
        HitGraphGates gates = new(detector, options);
        PlanePairs pairs = new(graph, detector, gates, plane);
        OnnxValue slope = RoadSlope(gates, road);
        OnnxValue lever = pairs.OfPlane("lever", p => p.Z - gates.StationZ[p.Station]);
        OnnxValue offset = (y - road.At(pairs.Station)).ToDouble() - (slope * lever);
        Tracklets tracklets = options.Tracklets ? Search(pairs, gates, offset) : Tracklets.None(offset);
        Hits(pairs, detector, y, charge, time, offset, lever, tracklets, options.Tracklets, ending);
        Edges(pairs, gates, options, y, time, offset, slope, tracklets.Slope, ending);
    }

    private static OnnxValue RoadSlope(HitGraphGates gates, OnnxValue road)
    {
        // In the order of the program's own sum: windows begin and end on the last digit.
        OnnxValue sum = road.Graph.Number(0);
        for (int s = 0; s < gates.StationZ.Length && gates.SpreadZ > 0; s++)
        {
            sum += road.At(road.Graph.Index(s)).ToDouble() * (gates.StationZ[s] - gates.MeanZ);
        }

        return gates.SpreadZ > 0 ? sum / gates.SpreadZ : sum;
    }

    private static void Hits(PlanePairs pairs, Detector detector, OnnxValue y, OnnxValue charge, OnnxValue time, OnnxValue offset,
        OnnxValue lever, Tracklets tracklets, bool described, string ending)
    {
        OnnxGraph graph = y.Graph;
        OnnxValue zero = graph.Number(0);
        OnnxValue pitch = pairs.OfPlane("pitch", p => 1.5 * p.StripPitch);
        OnnxValue place = y.ToDouble(), energy = charge.ToDouble(), own = new OnnxValue(graph, pairs.Plane).ToDouble();
        OnnxValue stations = pairs.OfPlane("station feature", p => detector.StationCount > 1
            ? (2.0 * p.Station / (detector.StationCount - 1)) - 1 : 0);
        OnnxValue OfNeighbour(bool before)
        {
            OnnxValue distance = before ? place - Shifted(place, before) : Shifted(place, before) - place;
            OnnxValue their = Shifted(energy, before);
            return (own.With("Equal", Shifted(own, before)) & (distance < pitch)).Choose(their / (their + energy), zero);
        }

        OnnxValue[] columns =
        [
            offset / RoadScale,
            lever / (2 * DistanceScale),
            stations,
            energy.With("Max", graph.Number(1e-3f)).Apply("Log") - 2,
            (time.ToDouble() / EdgeDescription.TimeScale) - 1,
            OfNeighbour(before: true),
            OfNeighbour(before: false),
            described ? (tracklets.Share * 4) - 2 : tracklets.Share,
            tracklets.Slope / HitGraphGates.SlopeScale,
            tracklets.Ambiguity * 4,
        ];
        graph.NodeTo("hits" + ending, "Identity", Side([.. columns.Select(c => c.ToFloat())]).Name);
    }

    // The numbers of the hits before or behind, and -1 where there is none.
    private static OnnxValue Shifted(OnnxValue values, bool before)
    {
        OnnxGraph graph = values.Graph;
        string none = graph.Precise("none", [-1.0], 1).Name;
        string rest = graph.Node("Slice", before ? [values.Name, graph.Constant("first", 0), graph.Constant("before last", -1)]
            : [values.Name, graph.Constant("second", 1), graph.Constant("end", long.MaxValue)]);
        return new(graph, graph.Node("Concat", before ? [none, rest] : [rest, none], ("axis", 0L)));
    }

    private static Tracklets Search(PlanePairs pairs, HitGraphGates gates, OnnxValue offset)
    {
        OnnxGraph graph = offset.Graph;
        int planes = gates.Detector.Planes.Count;
        double cells = SlopeCells.Count;
        OnnxValue cell = (pairs.Difference(offset) * pairs.Of(
            "cells", (own, other) => TrackletSearch.Cells(gates, own, other).PerMillimetre))
            + (cells / 2);
        OnnxValue reach = pairs.Of("reach", (own, other) => TrackletSearch.Cells(gates, own, other).Reach);
        OnnxValue lower = cell - reach, upper = cell + reach;
        OnnxValue voting = (upper >= graph.Number(0)) & (lower < graph.Number(cells))
            & (pairs.Of("same station", (own, other) => own != other
                && gates.Detector.Planes[own].Station == gates.Detector.Planes[other].Station ? 1 : 0) > graph.Number(0));
        (string own, string others) = PlanePairs.Where(voting);
        OnnxValue low = PlanePairs.Pick(lower.With("Max", graph.Number(0)).Apply("Floor"), voting).Unsqueezed(1);
        OnnxValue high = PlanePairs.Pick(upper.With("Min", graph.Number(cells - 1)).Apply("Floor"), voting).Unsqueezed(1);
        OnnxValue slopes = graph.Precise("slopes", [.. Enumerable.Range(0, SlopeCells.Count).Select(c => (double)c)], 1, SlopeCells.Count);
        OnnxValue allowed = ((slopes >= low) & (slopes <= high)).ToDouble();

        // One vote a plane, however many of its hits fit.
        string voters = graph.Node("Gather", [pairs.Plane, others]);
        string group = graph.Node("Add", [graph.Node("Mul", [own, graph.Constant("planes", planes)]), voters]);
        string rows = graph.Node("Mul", [pairs.Count, graph.Constant("planes", planes)]);
        string shape = graph.Node("Concat", [rows, graph.Constant("slope cells", SlopeCells.Count)], ("axis", 0L));
        string empty = graph.Node("Expand", [graph.Precise("nothing", [0], 1, 1).Name, shape]);
        string places = graph.Node("Expand", [
            graph.Node("Unsqueeze", [group, graph.Constant("axis 1", 1)]), graph.Node("Shape", [allowed.Name])]);
        OnnxValue byPlane = new(graph, graph.Node(
            "Reshape", [graph.Node("ScatterElements", [empty, places, allowed.Name], ("axis", 0L), ("reduction", "max")),
                graph.Constant("by plane", -1, planes, SlopeCells.Count)]));
        OnnxValue votes = byPlane.Sum(1), most = votes.Largest(1);
        OnnxValue best = votes.With("Equal", most.Unsqueezed(1)).ToDouble(), count = best.Sum(1);
        OnnxValue window = pairs.OfPlane("slope window", p => gates.SlopeWindow(p.Station));
        OnnxValue partners = pairs.OfPlane("partners", p => Math.Max(gates.Detector.Planes.Count(q => q.Station == p.Station) - 1, 1));
        OnnxValue mean = (((((best * slopes).Sum(1) / count) + 0.5) / cells * 2) * window) - window;
        OnnxValue found = most > graph.Number(0), zero = graph.Number(0);
        return new(found.Choose(most / partners, zero), found.Choose(mean, zero), found.Choose(count / cells, zero));
    }

    private static void Edges(PlanePairs pairs, HitGraphGates gates, HitGraphOptions options, OnnxValue y, OnnxValue time, OnnxValue offset,
        OnnxValue roadSlope, OnnxValue trackletSlope, string ending)
    {
        OnnxGraph graph = y.Graph;
        PlaneLink? Link(int own, int other) =>
            gates.Links(own).ToArray().Where(link => link.Other == other).Select(link => (PlaneLink?)link).FirstOrDefault();

        // A window below zero joins nothing.
        OnnxValue width = pairs.Of("half width", (own, other) => Link(own, other)?.HalfWidth ?? -1);
        OnnxValue middle = offset.Unsqueezed(1), sources = offset.Unsqueezed(0);
        OnnxValue joined = (sources >= middle - width) & (sources <= middle + width) & pairs.Different;
        (string target, string source) = PlanePairs.Where(joined);
        graph.NodeTo("targets" + ending, "Identity", target);
        graph.NodeTo("sources" + ending, "Identity", source);
        string kind = graph.Node("Add", [graph.Node("Mul", [
            graph.Node("Gather", [pairs.Plane, target]), graph.Constant("planes", gates.Detector.Planes.Count)]),
            graph.Node("Gather", [pairs.Plane, source])]);
        OnnxValue Table(string name, Func<EdgeDescription, System.Runtime.Intrinsics.Vector256<float>> row)
        {
            int planes = gates.Detector.Planes.Count;
            float[] table = [.. Enumerable.Range(0, planes * planes).SelectMany(pair =>
            {
                PlaneLink? link = Link(pair / planes, pair % planes);
                var values = link is { } its ? row(new(its, options.Tracklets)) : default;
                return Enumerable.Range(0, HitGraph.EdgeFeatureCount).Select(i => values[i]);
            })];
            return new OnnxValue(graph, graph.Constant(name, table, planes * planes, HitGraph.EdgeFeatureCount)).At(kind);
        }

        // As EdgeDescription has places and leans.
        OnnxValue zero = y - y, shift = offset.ToFloat(), slope = trackletSlope.ToFloat(), road = roadSlope.ToFloat();
        OnnxValue half = slope * new OnnxValue(graph, graph.Constant("half", [0.5f], 1));
        OnnxValue place = Side(shift, shift, zero, zero, time, y, y, y);
        OnnxValue asSource = Side(zero, zero, zero, zero, zero, zero - slope, zero, zero - half);
        OnnxValue asTarget = Side(zero, zero, zero, zero, zero, zero - road, zero - slope - road, zero - half - road);
        OnnxValue lean = asSource.At(source) + asTarget.At(target);
        OnnxValue features = ((((place.At(source) - place.At(target)) * Table("per difference", d => d.PerDifference)) + lean)
            * Table("edge scale", d => d.Scale)) + Table("edge constant", d => d.Constant);
        OnnxValue far = new(graph, graph.Constant("far", [.. Enumerable.Range(0, HitGraph.EdgeFeatureCount)
            .Select(i => i < HitGraph.EdgeFeatureCount - 3 ? float.MaxValue : EdgeDescription.Far)], 1, HitGraph.EdgeFeatureCount));
        graph.NodeTo("edges" + ending, "Max", features.With("Min", far).Name, far.Apply("Neg").Name);
    }

    private static OnnxValue Side(params OnnxValue[] columns) => new(
        columns[0].Graph, columns[0].Graph.Node("Concat", [.. columns.Select(c => c.Unsqueezed(1).Name)], ("axis", 1L)));

    // Of each hit: share of planes, slope less the road's, share of all slopes.
    private sealed record Tracklets(OnnxValue Share, OnnxValue Slope, OnnxValue Ambiguity)
    {
        public static Tracklets None(OnnxValue hits) => new(hits - hits, hits - hits, hits - hits);
    }

    // All pairs of hits, first (rows) and second (columns), and what their planes say of them.
    private sealed class PlanePairs
    {
        private readonly OnnxGraph _graph;
        private readonly Detector _detector;
        private readonly string _pair;

        public PlanePairs(OnnxGraph graph, Detector detector, HitGraphGates gates, string plane)
        {
            _graph = graph;
            _detector = gates.Detector;
            Plane = plane;
            Count = graph.Node("Shape", [plane]);
            Station = graph.Node("Gather", [graph.Constant("stations", [.. detector.Planes.Select(p => (long)p.Station)]), plane]);
            OnnxValue own = new(graph, plane);
            _pair = ((own.With("Mul", new(graph, graph.Constant("planes", detector.Planes.Count)))).Unsqueezed(1) + own.Unsqueezed(0)).Name;
            string one = graph.Node("Squeeze", [Count]);
            OnnxValue numbers = new(graph, graph.Node("Range", [graph.Index(0), one, graph.Index(1)]));
            Different = numbers.Unsqueezed(1).With("Equal", numbers.Unsqueezed(0)).Apply("Not");
        }

        public string Plane { get; }

        public string Station { get; }

        /// <summary>Number of hits, as a list of one.</summary>
        public string Count { get; }

        public OnnxValue Different { get; }

        public OnnxValue OfPlane(string name, Func<Plane, double> value) =>
            _graph.Precise(name, [.. _detector.Planes.Select(value)], _detector.Planes.Count).At(Plane);

        public OnnxValue Of(string name, Func<int, int, double> value)
        {
            int planes = _detector.Planes.Count;
            double[] table = [.. Enumerable.Range(0, planes * planes).Select(pair => value(pair / planes, pair % planes))];
            return _graph.Precise(name, table, table.Length).At(_pair);
        }

        /// <summary>Value of the second minus that of the first.</summary>
        public OnnxValue Difference(OnnxValue values) => values.Unsqueezed(0) - values.Unsqueezed(1);

        /// <summary>Numbers of both hits of the pairs that a condition holds for.</summary>
        public static (string First, string Second) Where(OnnxValue holds)
        {
            OnnxValue places = holds.Apply("NonZero");
            return (places.At(holds.Graph.Index(0)).Name, places.At(holds.Graph.Index(1)).Name);
        }

        /// <summary>Values of these pairs.</summary>
        public static OnnxValue Pick(OnnxValue values, OnnxValue holds)
        {
            string places = holds.Graph.Node("Transpose", [holds.Apply("NonZero").Name]);
            return new(values.Graph, values.Graph.Node("GatherND", [values.Name, places]));
        }
    }
}

/// <summary>The hits of one event as the network is to see them: as they are, or in the mirror.</summary>
internal readonly record struct MuonImage(OnnxValue Y, OnnxValue Charge, OnnxValue Time, OnnxValue Road)
{
    /// <summary>The inputs y, charge, time and road_centre, which it declares.</summary>
    public static MuonImage Inputs(OnnxGraph graph, Detector detector)
    {
        OnnxValue Column(string name) => new(graph, graph.Input(name, "hits", -1));
        return new(Column("y"), Column("charge"), Column("time"),
            new(graph, graph.Input("road_centre", "stations", detector.StationCount)));
    }

    /// <summary>The mirror image, whose planes hold the hits the other way round: in the place of each hit stands that of <paramref
    /// name="order"/>.</summary>
    public MuonImage Mirrored(string order) => new(Y.At(order).Apply("Neg"), Charge.At(order), Time.At(order), Road.Apply("Neg"));

    /// <summary>For each hit, the one that stands in its place in the mirror.</summary>
    public string Order(string plane, int planes)
    {
        OnnxGraph graph = Y.Graph;
        string ones = graph.Node("Sub", [graph.Constant("one hit", 1), graph.Node("Sub", [plane, plane])]);
        string counts = graph.Node("ScatterElements", [graph.Constant("no hits", new long[planes]), plane, ones], ("reduction", "add"));
        OnnxValue ends = new(graph, graph.Node("CumSum", [counts, graph.Index(0)]));

        // From the first of the plane plus the last, less its own number.
        OnnxValue own = new(graph, graph.Node("CumSum", [ones, graph.Index(0)]));
        return (ends + (ends - new OnnxValue(graph, counts))).At(plane).With("Sub", own).Name;
    }
}
