using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sagitta.Tracking.Graphs;

/// <summary>
/// How the edges of one link are described. All <see cref="HitGraph.EdgeFeatureCount"/> features come at once, one a lane, from two
/// rows a hit: ((place of source - place of target) x per difference + lean of source + lean of target) x scale + constant.
/// </summary>
/// <remarks>
/// Places hold offset, offset, 0, 0, time, y, y, y; leans what the slopes of the hits' tracklets take off the last three. Within a station
/// the slope between two hits of a track is that of both tracklets; across stations the chord of a circle has the mean slope of its ends
/// (to second order in the slopes), so the distance by which it misses tells a wrong pair.
/// </remarks>
internal readonly struct EdgeDescription
{
    /// <summary>Lengths that scale distances in z, mm, and times, ns.</summary>
    internal const double TimeScale = 100;

    private const double TrackletSlopeScale = 0.01;
    private const double CircleScale = 10;
    private const float Far = 3;
    private readonly Vector256<float> _perDifference;
    private readonly Vector256<float> _scale;
    private readonly Vector256<float> _constant;

    /// <summary>The description of a link's edges, with or without what tracklets tell.</summary>
    internal EdgeDescription(in PlaneLink link, bool tracklets)
    {
        const float PerTime = (float)(1 / TimeScale);
        float slope = (float)(1 / TrackletSlopeScale);
        float circle = (float)(Math.Abs(link.DeltaZ) * (1 / CircleScale));
        float perZ = (float)link.PerDeltaZ;
        bool same = link.Kind == LinkKind.SamePlane;
        bool station = tracklets && link.Kind == LinkKind.SameStation;
        bool across = link.Kind == LinkKind.AcrossStations;
        _perDifference = Vector256.Create((float)link.PerOffset, same ? 1 : 0, 0, 0, PerTime, perZ, perZ, perZ);
        _scale = Vector256.Create(1f, 1, 0, 0, 1, station ? slope : 0, station ? slope : 0, tracklets && across ? circle : 0);
        _constant = Vector256.Create(0, same ? 0 : link.Distance, same ? 1 : 0, across ? 1f : 0, 0, 0, 0, 0);
    }

    /// <summary>The place of a hit.</summary>
    internal static Vector256<float> Place(float offset, float time, float y) => Vector256.Create(offset, offset, 0, 0, time, y, y, y);

    /// <summary>What the tracklet of a hit takes off as source of an edge.</summary>
    internal static Vector256<float> SourceLean(float slope) => Vector256.Create(0, 0, 0, 0, 0, -slope, 0, -slope / 2);

    /// <summary>What the tracklet of a hit and the slope of the road take off as target of an edge.</summary>
    internal static Vector256<float> TargetLean(float slope, float road) =>
        Vector256.Create(0, 0, 0, 0, 0, -road, -slope - road, (-slope / 2) - road);

    /// <summary>The features of one edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector256<float> Features(Vector256<float> difference, Vector256<float> lean)
    {
        Vector256<float> row = (((difference * _perDifference) + lean) * _scale) + _constant;
        Vector256<float> far = Vector256.Create(Far);
        Vector256<float> bounded = Vector256.MinNative(Vector256.MaxNative(row, -far), far);
        return Vector256.ConditionalSelect(Vector256.Create(0, 0, 0, 0, 0, -1, -1, -1).AsSingle(), bounded, row);
    }
}
