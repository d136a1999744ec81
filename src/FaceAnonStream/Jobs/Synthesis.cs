using FaceAnonStream.Alignment;
using FaceAnonStream.Generation;
using FaceAnonStream.Identity;
using FaceAnonStream.Redaction;

namespace FaceAnonStream.Jobs;

/// <summary>What it takes to replace faces by synthetic ones. Everything is borrowed.</summary>
/// <param name="Landmarks">Finds the landmarks of faces.</param>
/// <param name="Topology">Index of each landmark in the 468-point topology.</param>
/// <param name="Shape">A face in space, with the same landmarks.</param>
/// <param name="Identity">Decides who each person of this stream becomes.</param>
/// <param name="Generator">Draws the faces.</param>
/// <param name="Privacy">What of a person the generator may be told.</param>
/// <param name="Align">How landmarks are read and smoothed.</param>
/// <param name="Generate">How faces are drawn.</param>
public sealed record Synthesis(
    ILandmarkNet Landmarks,
    IReadOnlyList<int> Topology,
    FaceShape Shape,
    IIdentityPolicy Identity,
    IFaceGenerator Generator,
    PrivacyLevel Privacy,
    AlignOptions Align,
    GenerateOptions Generate);
